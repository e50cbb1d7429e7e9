import { useRef, useState } from 'preact/hooks';
import { Icon } from './Icon';

/** A text to be taken along. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    field.current!.select();
    // Only pages that come over TLS, or from this machine, have a clipboard of their own.
    if (navigator.clipboard)
      await navigator.clipboard.writeText(text).then(() => setIsCopied(true), () => {});
    else
      setIsCopied(document.execCommand('copy'));
  };
  return (
    <div class="copy">
      <input ref={field} aria-label={label} value={text} readOnly spellcheck={false} onFocus={() => field.current!.select()} />
      <button type="button" onClick={copy}><Icon name={isCopied ? 'check' : 'copy'} />{isCopied ? 'Copied' : 'Copy'}</button>
    </div>
  );
}
