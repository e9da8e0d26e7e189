import { noMail } from '../../src/platform/mail.ts'
import { noOutside } from '../../src/platform/outside.ts'
import { noSftp } from '../../src/platform/sftp.ts'

/** For tests that reach no mail server, no SFTP server and no address that a person typed. */
export const nothingOutside = { mail: noMail, sftp: noSftp, outside: noOutside }
