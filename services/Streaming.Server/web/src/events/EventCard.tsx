import type { WatchEvent } from '../api/documents';
import { streamHref } from '../app/routes';
import { Icon } from '../parts/Icon';
import { moment } from '../words/time';

/** One event with its picture; its link leads to the moment that it stands for. */
export function EventCard({ event, zone, onReview }: { event: WatchEvent; zone?: string; onReview: (() => void) | null }) {
  const { acknowledged, delivery } = event;
  return (
    <li class={`tile event ${acknowledged ? 'reviewed' : 'open'} ${event.severity}`} data-event={event.id}>
      <div class="frame">{event.picture ? <img src={event.picture} alt="" loading="lazy" /> : <span class="nothing">its picture is gone</span>}</div>
      <span class="corner"><span class={`severity ${event.severity}`}>{event.severity}</span></span>
      <div class="caption">
        <h2><a href={streamHref(event.stream, event.at_seconds)}>{event.watch}</a></h2>
        <p>{event.question} <b>{event.answer}</b></p>
        <p class="quiet">{event.stream} · <time dateTime={event.at}>{moment(event.at, zone)}</time></p>
        {delivery.state === 'dead' && <p class="trouble" title={delivery.problem ?? ''}>the webhook was given up: {delivery.problem}</p>}
        <p class="review">
          {acknowledged
            ? <span class="quiet"><Icon name="check" />reviewed{acknowledged.by && acknowledged.by !== 'local' && ` by ${acknowledged.by}`}, {moment(acknowledged.at, zone, 'minute')}</span>
            : onReview && <button type="button" class="small" onClick={onReview}><Icon name="check" />Mark as reviewed</button>}
        </p>
      </div>
    </li>
  );
}
