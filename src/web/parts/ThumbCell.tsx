// A picture, a title and a code on one table row; the place of a missing picture is kept.
import type { ReactNode } from 'react'
import { IconPhoto } from '../icons.ts'
import classes from './ThumbCell.module.css'

type Props = { imageUrl: string | null; title: string; code: string; children?: ReactNode }

export function ThumbCell({ imageUrl, title, code, children }: Props) {
  return (
    <>
      {imageUrl ? (
        <img src={imageUrl} alt="" loading="lazy" decoding="async" width={30} height={30} className={classes.picture} />
      ) : (
        <span className={classes.picture} aria-hidden="true">
          <IconPhoto size={15} stroke={1.5} />
        </span>
      )}
      <span className={classes.texts}>
        <span className="ellipsis" title={title}>
          {title}
        </span>
        <span className={classes.second}>
          <span className="code ellipsis">{code}</span>
          {children}
        </span>
      </span>
    </>
  )
}
