import type { ComponentChildren } from 'preact';
import { Dialog } from '../dialog.tsx';
import type { Field, Values } from './field.ts';
import { Form } from './form.tsx';

interface Props {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly submit: string;
  readonly send: (values: Values) => Promise<void>;
  readonly leave: () => void;
  readonly isDangerous?: boolean;
  readonly children?: ComponentChildren;
}

/** A form over the page that it is about. */
export function FormDialog({ title, leave, ...form }: Props) {
  return (
    <Dialog title={title} leave={leave}>
      <Form {...form} leave={leave} />
    </Dialog>
  );
}
