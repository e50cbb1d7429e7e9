import { AskPanel } from './AskPanel';

/** Questions about any stream or film, or about all streams at once. */
export function AskView() {
  return <div class="ask-view"><h1 class="hidden">Ask</h1><AskPanel /></div>;
}
