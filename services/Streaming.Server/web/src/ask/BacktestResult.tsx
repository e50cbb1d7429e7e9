import type { Backtest, StreamDocument } from '../api/documents';
import { count, plural } from '../words/numbers';
import { moment, timeOfDay } from '../words/time';

/** What a watch would have found. */
export function BacktestResult({ tried, stream }: { tried: Backtest; stream: StreamDocument }) {
  const zone = stream.time_zone;
  return (
    <div class="tried">
      <p><b>{tried.events.length === 0 ? 'No event' : plural(tried.events.length, 'event')}</b> between {moment(tried.start, zone, 'minute')} and {timeOfDay(tried.end, zone, 'minute')}{!tried.is_whole && ', as far as there was time'}.</p>
      <p class="quiet">{count(tried.asked)} moments were looked at with {count(tried.inferences)} runs of the model; at {count(tried.held)} the answer held{tried.unclear > 0 && `, at ${count(tried.unclear)} it was unclear`}.</p>
      {tried.events.length > 0 && (
        <ul class="citations">{tried.events.slice(0, 12).map((event) => (
          <li key={event.at}><img src={event.picture} alt="" width="160" height="90" /><span class="when">{moment(event.at, zone)}</span><span class="quiet">{event.answer}</span></li>))}
        </ul>
      )}
    </div>
  );
}
