// A small picture in a row; where there is none, or it cannot be loaded, a neutral sign keeps its place. It keeps nothing of
// its own, since rows are used again.
import { Glyph } from '../../parts/Glyph.tsx'
import classes from './listings.module.css'

export function RowPicture({ url }: { url: string | null }) {
  return (
    <span className={classes.picture}>
      <Glyph name="photo" />
      {url !== null && (
        <img
          key={url}
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          width={32}
          height={32}
          onError={(event) => (event.currentTarget.hidden = true)}
        />
      )}
    </span>
  )
}
