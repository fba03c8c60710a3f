import type { ComponentChildren } from 'preact';
import { FormDialog } from './form/form-dialog.tsx';

export interface Question {
  /** As a question, such as "Delete 4 API keys of ben?" */
  readonly title: string;
  /** What stops working, and for whom, with numbers. */
  readonly says: ComponentChildren;
  /** The button: a verb with its object. */
  readonly verb: string;
  /** The name of the thing, to be typed; only for what can't be undone. */
  readonly name?: string;
  /** Does it. A rejection is shown in the dialog, which then stays. */
  readonly act: () => Promise<void>;
}

/** The one dialog before a dangerous act. */
export function ConfirmDialog({ title, says, verb, name, act, close }: Question & { close: () => void }) {
  const confirmName = {
    name: 'confirm_name',
    label: `Type ${name} to confirm`,
    kind: 'text' as const,
    isRequired: true,
    missing: `Type ${name} to confirm.`,
    check: (typed: string) => (typed.trim() === name ? undefined : `This must be ${name}.`),
  };
  return (
    <FormDialog
      title={title}
      fields={name === undefined ? [] : [confirmName]}
      submit={verb}
      isDangerous
      send={async () => {
        await act();
        close();
      }}
      leave={close}
    >
      <div class="says">{says}</div>
    </FormDialog>
  );
}
