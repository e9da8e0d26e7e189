// One listing's price, at an address of its own: what a problem about a price that waits leads to.
import { useParams } from '@tanstack/react-router'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { PriceArithmetic } from './PriceWhy.tsx'

export function PricePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  return (
    <>
      <PageHeader
        title={t('pricing.why.page')}
        above={
          <AnchorLink to="/pricing" size="sm">
            {t('pricing.title')}
          </AnchorLink>
        }
      />
      <div className="page-body">
        <div className="panel" style={{ padding: 16, maxWidth: 760 }}>
          <PriceArithmetic listingId={id} />
        </div>
      </div>
    </>
  )
}
