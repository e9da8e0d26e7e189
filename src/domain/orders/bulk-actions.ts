// What can be done to many orders at once.

export type BulkAction =
  | { kind: 'pin' }
  | { kind: 'unpin' }
  | { kind: 'route' }
  | { kind: 'choose-service'; shippingServiceId: string }
  | { kind: 'apply-mappings' }
  | { kind: 'cancel'; reason: string }
