import { useState } from 'preact/hooks';
import type { WatchEvent } from '../api/documents';
import { streamHref } from '../app/routes';
import { Icon } from '../parts/Icon';
import { moment } from '../words/time';
import { EventPicture } from './EventPicture';

/** What may be done with an event. */
export interface EventActions {
  onReview: () => void;
  onSendAgain: () => void;
  /** @param reaches The selection reaches to here from where it was changed last. */
  onSelect: (reaches: boolean) => void;
}

/** One event with its picture; its link leads to the moment that it stands for. */
export function EventCard({ event, zone, isSelected, actions }: { event: WatchEvent; zone?: string; isSelected: boolean; actions: EventActions | null }) {
  const [isLookedAt, setIsLookedAt] = useState(false);
  const { acknowledged, delivery } = event;
  return (
    <li
      class={`tile event ${acknowledged ? 'reviewed' : 'open'} ${event.severity}${isSelected ? ' selected' : ''}`} data-event={event.id}
      onPointerEnter={({ pointerType }) => setIsLookedAt(pointerType === 'mouse')} onPointerLeave={() => setIsLookedAt(false)}
      onFocusIn={() => setIsLookedAt(true)} onFocusOut={() => setIsLookedAt(false)}>
      <EventPicture event={event} isLookedAt={isLookedAt} />
      <span class="corner"><span class={`severity ${event.severity}`}>{event.severity}</span></span>
      {actions && <label class="select"><input type="checkbox" aria-label={`Select ${event.watch}, ${moment(event.at, zone)}`} checked={isSelected} onClick={({ shiftKey }) => actions.onSelect(shiftKey)} /></label>}
      <div class="caption">
        <h2><a href={streamHref(event.stream, event.at_seconds)}>{event.watch}</a></h2>
        <p>{event.question} <b>{event.answer}</b></p>
        <p class="quiet">{event.stream} · <time dateTime={event.at}>{moment(event.at, zone)}</time></p>
        {delivery.state === 'dead' && <p class="undelivered">the webhook was given up{delivery.problem && `: ${delivery.problem}`} {actions && <button type="button" class="small" onClick={actions.onSendAgain}>Send again</button>}</p>}
        <p class="review">
          {acknowledged
            ? <span class="quiet"><Icon name="check" />reviewed{acknowledged.by && acknowledged.by !== 'local' && ` by ${acknowledged.by}`}, {moment(acknowledged.at, zone, 'minute')}</span>
            : actions && <button type="button" class="small" onClick={actions.onReview}><Icon name="check" />Mark as reviewed</button>}
        </p>
      </div>
    </li>
  );
}
