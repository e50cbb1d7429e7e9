import type { Condition } from '../words/states';

/** A state as a word with its colour. */
export function StateChip({ condition }: { condition: Condition }) {
  return <span class={`state ${condition.tone}`} title={condition.more}><span class="dot" />{condition.word}</span>;
}
