// A fault in a seller's words, with the marketplace's own where it has spoken.
import { t } from '../../i18n.ts'
import type { Fault } from './use-wizard.ts'
import classes from './wizard.module.css'

export function FaultText({ fault, marketplace }: { fault: Fault; marketplace: string }) {
  const { channelSku, message, theirs } = fault
  return (
    <>
      {channelSku !== undefined && <span className="code">{channelSku}: </span>}
      {message}
      {theirs !== undefined && theirs !== message && (
        <span className={classes.theirs}>{t('wizard.check.theirs', { marketplace, text: theirs })}</span>
      )}
    </>
  )
}
