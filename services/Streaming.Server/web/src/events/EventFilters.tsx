import type { WatchEvent } from '../api/documents';
import type { Filter } from './filter';

type Option = readonly [value: string, words: string];

const severities: Option[] = [['critical', 'critical'], ['warning', 'warning'], ['info', 'info']];
const states: Option[] = [['open', 'not reviewed'], ['reviewed', 'reviewed']];
const ages: Option[] = [['1', 'the last hour'], ['24', 'the last day'], ['168', 'the last week']];

export function EventFilters({ filter, events, onChange }: { filter: Filter; events: readonly WatchEvent[]; onChange: (filter: Filter) => void }) {
  const named = (key: 'stream' | 'watch'): Option[] => [...new Set(events.map((event) => event[key]))].sort().map((name) => [name, name]);
  const choice = (key: keyof Filter, all: string, options: Option[]) => (
    <select aria-label={all} value={String(filter[key] || '')} onChange={(event) => onChange({ ...filter, [key]: key === 'hours' ? Number(event.currentTarget.value) : event.currentTarget.value })}>
      <option value="">{all}</option>
      {options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
    </select>
  );
  return (
    <div class="filters" role="group" aria-label="Filter">
      {choice('stream', 'all streams', named('stream'))}
      {choice('watch', 'all watches', named('watch'))}
      {choice('severity', 'any severity', severities)}
      {choice('state', 'reviewed or not', states)}
      {choice('hours', 'any time', ages)}
    </div>
  );
}
