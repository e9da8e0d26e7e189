// What stands against a listing: what it is and what to do in our words, with the marketplace's own below them.
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import classes from './listings.module.css'

type Fault = Answer<'listingChanges'>['rows'][number]['faults'][number]

export function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <ul className={classes.faults}>
      {faults.map(({ channelSku, message, theirs }, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- two faults may say the same
        <li key={at}>
          {channelSku && <span className="code">{channelSku}: </span>}
          {message}
          {theirs && (
            <span className={classes.theirs}>
              {t('listings.error.theirs')}: {theirs}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
