import { Button } from '@mantine/core'
import { useNavigate } from 'react-router'
import { useStore } from 'zustand'
import { rich } from '../i18n/rich.tsx'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import styles from './tour.module.css'
import { tour as ownTour, TOUR_STEPS, type TourStore } from './tour-store.ts'

/** The tour as a strip that covers nothing: what to do now, and the ways back, on and out. Nothing while none runs. */
export function TourStrip({ tour = ownTour }: { readonly tour?: TourStore }) {
  const { status, step } = useStore(tour)
  if (status !== 'running') return null
  const now = TOUR_STEPS[step]
  return (
    <section className={styles.strip} aria-label={t('Tour: first five minutes')}>
      <ol className={styles.dots} aria-hidden="true">
        {TOUR_STEPS.map(({ id }, i) => (
          <li key={id} className={i < step ? styles.done : i === step ? styles.now : ''} />
        ))}
      </ol>
      <p className="grow" role="status">
        {now === undefined ? (
          rich(
            '{term} From here on it is the same with your own topics: choose them in the sources. The tour is in Help whenever you want it again.',
            { term: <b>{t('That was it.')}</b> },
          )
        ) : (
          <>
            <b>
              {t('{step} of {steps}: {title}.', {
                step: step + 1,
                steps: TOUR_STEPS.length,
                title: t(now.title),
              })}
            </b>{' '}
            {t(now.text)}
          </>
        )}
      </p>
      <StepButtons tour={tour} step={step} />
    </section>
  )
}

function StepButtons({ tour, step }: { readonly tour: TourStore; readonly step: number }) {
  const navigate = useNavigate()
  if (step >= TOUR_STEPS.length) {
    return (
      <Button size="xs" onClick={tour.leave}>
        {t('Close the tour')}
      </Button>
    )
  }
  return (
    <div className="row">
      {step === 0 && (
        <Button size="xs" onClick={() => void navigate('/templates')}>
          {t('Show templates')}
        </Button>
      )}
      {step > 0 && (
        <Button size="xs" variant="default" onClick={tour.back}>
          {t('Back')}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={tour.next}>
        {t('Skip this')}
      </Button>
      <Button size="xs" variant="subtle" onClick={tour.leave}>
        {t('Leave the tour')}
      </Button>
    </div>
  )
}

/** Offers the tour once. */
export function TourOffer({ tour = ownTour }: { readonly tour?: TourStore }) {
  const isNew = useStore(tour, ({ status }) => status === 'new')
  if (!isNew) return null
  return (
    <section className={`${styles.strip} ${styles.offer}`} aria-label={t('New here?')}>
      <Icon name="help" />
      <p className="grow">
        {rich(
          '{term} See the whole of it in five minutes, on sample events. You can leave at any point and go on later.',
          { term: <b>{t('New here?')}</b> },
        )}
      </p>
      <div className="row">
        <Button size="xs" onClick={tour.start}>
          {t('Take the tour')}
        </Button>
        <Button size="xs" variant="subtle" onClick={tour.leave}>
          {t('Not now')}
        </Button>
      </div>
    </section>
  )
}
