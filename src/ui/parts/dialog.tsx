import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  /** Told when Esc is pressed; absent: only what is in the dialog closes it. */
  readonly leave?: (() => void) | undefined;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A dialog over the page, which keeps the focus; a click beside it does nothing, so that nothing is lost by one. */
export function Dialog({ title, leave, wide = false, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => (opener instanceof HTMLElement ? opener.focus({ preventScroll: true }) : undefined);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // The browser's own way would close the dialog at the second Esc, whoever objects.
      event.preventDefault();
      event.stopPropagation();
      leave?.();
    }
  };
  return (
    <dialog
      ref={dialog}
      class={wide ? 'wide' : ''}
      aria-labelledby={id}
      onKeyDown={onKeyDown}
      onCancel={event => {
        event.preventDefault();
        leave?.();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
