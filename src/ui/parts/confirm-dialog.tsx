import type { ComponentChildren } from 'preact';
import { Dialog } from './dialog.tsx';
import { Form } from './form/form.tsx';

export interface Question {
  /** As a question, such as "Delete 4 API keys of ben?" */
  readonly title: string;
  /** What stops working, and for whom, with numbers. */
  readonly says: ComponentChildren;
  /** The button: a verb with its object. */
  readonly verb: string;
  /** The name of the thing, to be typed; only for what can't be undone. */
  readonly name?: string;
}

/** The one dialog before a dangerous act. Nothing is preset: Enter acts only where the name was typed or the button has the focus. */
export function ConfirmDialog({ title, says, verb, name, answer }: Question & { answer: (isWanted: boolean) => void }) {
  const leave = () => answer(false);
  const asksName = name !== undefined && {
    name: 'confirm_name',
    label: `Type ${name} to confirm`,
    kind: 'text' as const,
    isRequired: true,
    check: (typed: string) => (typed.trim() === name ? undefined : `This must be ${name}.`),
  };
  return (
    <Dialog title={title} leave={leave}>
      <Form fields={asksName ? [asksName] : []} submit={verb} isDangerous send={async () => answer(true)} leave={leave}>
        <div class="says">{says}</div>
      </Form>
    </Dialog>
  );
}
