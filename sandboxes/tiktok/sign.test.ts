import { describe, expect, test } from 'vitest'
import { signCall, signNotification } from './sign.ts'

const secret = '0123456789abcdef0123456789abcdef01234567'
const common = { app_key: '6demo1a2b3', timestamp: '1700000000' }
const cipher = { shop_cipher: 'GCP_demoCIPHER0001' }
const json = 'application/json'

const sign = (path: string, query: Record<string, string>, { body = '', contentType = json } = {}) =>
  signCall({ secret, path, query: new URLSearchParams(query), contentType, body })

describe('the documented signatures', () => {
  test('a stock update: path with ids, sorted parameters, the body as sent', () => {
    const body =
      '{"skus":[{"id":"1729592969712207013","inventory":[{"warehouse_id":"7068517275539719942","quantity":7}]}]}'
    const path = '/product/202309/products/1729592969712207008/inventory/update'
    const given = sign(path, { ...common, ...cipher }, { body, contentType: 'application/json; charset=utf-8' })
    expect(given).toBe('335aecc8b0e3871c8f1868957f10b2bba1e2cc192d61521bf6900a995520de8d')
  })

  test('an order search with paging in the query and filters in the body', () => {
    const query = { ...common, ...cipher, page_size: '20', sort_field: 'update_time', sort_order: 'ASC' }
    const body = '{"order_status":"AWAITING_SHIPMENT","update_time_ge":1699990000}'
    expect(sign('/order/202309/orders/search', query, { body })).toBe(
      '0030ba27bb8c68b0c37247f697350b97da065dae43c9ed6cfe7671228df8525e',
    )
  })

  test('order ids joined by a comma are signed decoded', () => {
    const query = new URLSearchParams(
      'ids=576461413038785752%2C576461413038785753&app_key=6demo1a2b3&shop_cipher=GCP_demoCIPHER0001&timestamp=1700000000',
    )
    expect(signCall({ secret, path: '/order/202507/orders', query, contentType: json, body: '' })).toBe(
      '89b90452cde0c24606de91989c9228d637eaabd9dd16d3ae4566a18964e9340a',
    )
  })

  test('an upload is signed without its body', () => {
    const contentType = 'multipart/form-data; boundary=xyz'
    expect(sign('/product/202309/images/upload', common, { body: 'anything', contentType })).toBe(
      '0a631b77badf16c3b6495a4d88254d375d4464b9e8df56284f2bacab398803a6',
    )
  })

  test("the vendor's own example", () => {
    const query = new URLSearchParams({ app_key: '29a39d', timestamp: '1623812664', sign: 'x', access_token: 'y' })
    const path = '/authorization/202309/shops'
    expect(signCall({ secret: 'e59af819cc', path, query, contentType: json, body: '' })).toBe(
      'b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8',
    )
  })

  test("the vendor's own notification", () => {
    const body =
      '{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID","update_time":1718305585}}'
    expect(signNotification({ appKey: 'abcdef', appSecret: '123' }, body)).toBe(
      '5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05',
    )
  })
})
