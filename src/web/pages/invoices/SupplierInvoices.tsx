// A supplier's terms, what he is owed, and his invoices.
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCreditCard } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { usePages } from '../../parts/table-source.ts'
import { InvoicesTable } from './InvoicesTable.tsx'
import classes from './invoices.module.css'
import { Owed } from './Owed.tsx'
import { PaymentDialog } from './PaymentDialog.tsx'

type Supplier = Answer<'supplier'>

export function SupplierInvoices({ supplier }: { supplier: Supplier }) {
  const source = usePages('invoices', { query: { supplierId: supplier.id } })
  return (
    <>
      <Balance supplier={supplier} />
      <InvoicesTable
        source={source}
        withSupplier={false}
        empty={<EmptyState icon={IconCreditCard} title={t('invoices.empty')} text={t('invoices.emptyNext')} />}
      />
    </>
  )
}

function Balance({ supplier }: { supplier: Supplier }) {
  const [paying, dialog] = useDisclosure()
  const { data, error, refetch } = useQuery(ask('supplierBalance', { params: { id: supplier.id } }))
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  const owed = data?.owed.find((row) => row.currency === supplier.currency)
  return (
    <section className={classes.balance} aria-label={t('terms.balance')}>
      <dl className={classes.owed}>
        <div>
          <dt>{t('terms.terms')}</dt>
          <dd>{t(`terms.${supplier.terms}`)}</dd>
        </div>
        {supplier.terms === 'on-account' && (
          <>
            <div>
              <dt>{t('terms.paymentDays')}</dt>
              <dd>{supplier.paymentDays}</dd>
            </div>
            <div>
              <dt>{t('terms.creditLimit')}</dt>
              <dd>{supplier.creditLimit ? <MoneyText money={supplier.creditLimit} /> : t('terms.noLimit')}</dd>
            </div>
            {data?.creditLeft && (
              <div>
                <dt>{t('terms.creditLeft')}</dt>
                <dd>
                  <MoneyText money={data.creditLeft} />
                </dd>
              </div>
            )}
          </>
        )}
      </dl>
      <Owed owed={data?.owed} />
      {data && data.waiting > 0 && (
        <StatusBadge
          look={{ icon: IconCreditCard, tone: 'wait', label: t('terms.waiting', { count: data.waiting }) }}
        />
      )}
      <Button
        variant={owed && owed.owed.minor > 0 ? 'filled' : 'default'}
        leftSection={<IconCreditCard size={16} aria-hidden="true" />}
        onClick={dialog.open}
        disabled={!owed || owed.owed.minor === 0}
      >
        {t('payment.record')}
      </Button>
      {owed && (
        <PaymentDialog
          payable={{ supplierId: supplier.id, name: supplier.name, open: owed.owed }}
          opened={paying}
          onClose={dialog.close}
        />
      )}
    </section>
  )
}
