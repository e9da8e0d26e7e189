// A picture of a product; where it is missing or cannot be loaded, a neutral sign keeps its place.
import { useState } from 'react'
import { IconPhoto } from '../../icons.ts'
import classes from './products.module.css'

type Props = { url: string | null; alt?: string; size: number | '100%' }

export function Picture({ url, alt = '', size }: Props) {
  const [broken, setBroken] = useState<string>()
  const style = size === '100%' ? {} : { width: size, height: size }
  if (!url || broken === url)
    return (
      <span className={classes.picture} style={style} role={alt ? 'img' : undefined} aria-label={alt || undefined}>
        <IconPhoto size={size === '100%' ? 40 : Math.round(size / 2)} stroke={1.4} aria-hidden="true" />
      </span>
    )
  return (
    <img
      src={url}
      alt={alt}
      loading="lazy"
      decoding="async"
      className={classes.picture}
      style={style}
      onError={() => setBroken(url)}
    />
  )
}
