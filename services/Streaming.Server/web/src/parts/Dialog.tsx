import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './Icon';

/** A window over the page that keeps the focus inside and gives it back. */
export function Dialog({ title, children, onClose, wide = false }: { title: string; children: ComponentChildren; onClose: () => void; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    const element = dialog.current!;
    element.showModal();
    return () => {
      element.close();
      opener?.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class={wide ? 'wide' : undefined} aria-labelledby={heading} onClose={onClose} onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      <div class="sheet">
        <header><h2 id={heading}>{title}</h2><button type="button" class="icon" aria-label="Close" onClick={onClose}><Icon name="close" /></button></header>
        {children}
      </div>
    </dialog>
  );
}
