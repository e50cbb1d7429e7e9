import type { Severity, WatchEvent } from '../api/documents';

/** Which events are shown; an empty word stands for all. */
export interface Filter {
  stream: string;
  watch: string;
  severity: Severity | '';
  state: 'open' | 'reviewed' | '';
  /** Not older than so many hours; 0: however old. */
  hours: number;
}

export const everything: Filter = { stream: '', watch: '', severity: '', state: '', hours: 0 };

export const isWanted = (event: WatchEvent, filter: Filter): boolean =>
  (filter.stream === '' || event.stream === filter.stream) &&
  (filter.watch === '' || event.watch === filter.watch) &&
  (filter.severity === '' || event.severity === filter.severity) &&
  (filter.state === '' || (filter.state === 'reviewed') === (event.acknowledged !== null)) &&
  (filter.hours === 0 || Date.now() - Date.parse(event.at) <= filter.hours * 3_600_000);
