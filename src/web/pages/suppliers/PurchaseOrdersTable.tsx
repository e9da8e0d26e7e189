// What was ordered from the supplier; a row opens its order.
import { useRouter } from '@tanstack/react-router'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconSend } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { usePages } from '../../parts/table-source.ts'
import type { PurchaseOrder } from '../orders/purchase-order-look.ts'
import { purchaseOrderLook } from '../orders/purchase-order-look.ts'

export function PurchaseOrdersTable({ supplierId }: { supplierId: string }) {
  const router = useRouter()
  const source = usePages('purchaseOrders', { query: { supplierId } })
  return (
    <DataTable
      label={t('supplier.tabs.purchaseOrders')}
      source={source}
      rowKey={(row) => row.id}
      rowName={(row) => row.number}
      onOpen={(row) => void router.navigate({ to: '/orders/$id', params: { id: row.orderId } })}
      empty={
        <EmptyState icon={IconSend} title={t('supplier.noPurchaseOrders')} text={t('supplier.noPurchaseOrdersNext')} />
      }
      columns={[
        {
          key: 'number',
          head: t('supplier.purchaseOrder.number'),
          width: 150,
          card: 'title',
          render: (row) => <span className="figure">{row.number}</span>,
        },
        {
          key: 'state',
          head: t('supplier.purchaseOrder.state'),
          width: 176,
          card: 'side',
          render: (row) => (
            <StatusBadge
              look={purchaseOrderLook(row.state)}
              why={row.state === 'in-doubt' ? t('order.inDoubt') : null}
            />
          ),
        },
        {
          key: 'order',
          head: t('supplier.purchaseOrder.order'),
          width: 150,
          render: (row) => (
            <AnchorLink to="/orders/$id" params={{ id: row.orderId }} size="sm" className="ellipsis">
              {row.marketplaceOrderId}
            </AnchorLink>
          ),
        },
        {
          key: 'lines',
          head: t('supplier.purchaseOrder.lines'),
          width: 240,
          grow: 2,
          render: (row) => <span className="ellipsis">{contents(row)}</span>,
        },
        {
          key: 'cost',
          head: t('supplier.purchaseOrder.cost'),
          width: 130,
          figures: true,
          render: (row) => <MoneyText money={row.cost} />,
        },
        {
          key: 'sent',
          head: t('supplier.purchaseOrder.sent'),
          width: 120,
          figures: true,
          render: (row) => <RelativeTime at={row.sentAt} />,
        },
      ]}
    />
  )
}

function contents(purchaseOrder: PurchaseOrder): string {
  return purchaseOrder.lines.map((line) => `${countLabel(line.quantity)} × ${line.supplierSku}`).join(', ')
}
