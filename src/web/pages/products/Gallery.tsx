// The pictures: one large, the others to choose below it.
import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../i18n.ts'
import { Picture } from './Picture.tsx'
import type { Product } from './ProductPage.tsx'
import classes from './products.module.css'

export function Gallery({ images, title }: { images: Product['images']; title: string }) {
  const [at, setAt] = useState(0)
  const shown = images[at] ?? images[0]
  return (
    <section className={`panel ${classes.gallery}`} aria-label={t('product.images')}>
      <div className={classes.large}>
        <Picture url={shown?.url ?? null} alt={shown ? shown.alt || title : t('product.noPicture')} size="100%" />
      </div>
      {images.length > 1 && (
        <div className={classes.thumbs}>
          {images.map((image, index) => (
            <UnstyledButton
              key={image.url}
              className={classes.thumb}
              aria-label={t('product.picture', { number: index + 1 })}
              aria-pressed={image === shown}
              onClick={() => setAt(index)}
            >
              <Picture url={image.url} size={44} />
            </UnstyledButton>
          ))}
        </div>
      )}
    </section>
  )
}
