import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { toApiError } from '../../api/use-loaded.ts';
import { sentence } from '../problem.tsx';
import { type Field, faultOf, type Values } from './field.ts';
import { FieldRow } from './field-row.tsx';

interface Props {
  readonly fields: readonly Field[];
  /** A verb with its object, as in "Create project". */
  readonly submit: string;
  /** Sends what was typed; a rejection is shown where it belongs, and nothing typed is lost. */
  readonly send: (values: Values) => Promise<void>;
  readonly leave?: (() => void) | undefined;
  readonly isDangerous?: boolean;
  readonly children?: ComponentChildren;
}

type Faults = Readonly<Record<string, string | undefined>>;

/** The one form: checks a field as it is left, keeps what was typed, focuses the first fault. */
export function Form({ fields, submit, send, leave, isDangerous = false, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map(({ name, value = '' }) => [name, value])),
  );
  const [faults, setFaults] = useState<Faults>({});
  const [refusal, setRefusal] = useState('');
  const [isSending, setSending] = useState(false);
  const asked = fields.filter(({ isAsked }) => isAsked?.(values) ?? true);

  const show = (found: Faults) => {
    setFaults(found);
    const first = asked.find(({ name }) => found[name] !== undefined);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`[name="${first?.name}"]`)?.focus());
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    setRefusal('');
    const found = Object.fromEntries(asked.map(field => [field.name, faultOf(field, values[field.name] ?? '')]));
    if (Object.values(found).some(fault => fault !== undefined)) {
      return show(found);
    }
    setSending(true);
    try {
      await send(Object.fromEntries(asked.map(({ name }) => [name, (values[name] ?? '').trim()])));
      setFaults({});
    } catch (fault) {
      const { details, message } = toApiError(fault);
      const placed = placeFaults(details, asked);
      setRefusal(Object.keys(placed).length === details.length && details.length > 0 ? '' : sentence(message));
      show(placed);
    } finally {
      setSending(false);
    }
  };
  return (
    <form ref={form} noValidate onSubmit={onSubmit}>
      {children}
      {asked.map(field => (
        <FieldRow
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          fault={faults[field.name]}
          change={value => setValues(before => ({ ...before, [field.name]: value }))}
          left={value => setFaults(before => ({ ...before, [field.name]: faultOf(field, value) }))}
        />
      ))}
      {refusal && (
        <p class="fault" role="alert">
          {refusal}
        </p>
      )}
      <div class="actions">
        <button type="submit" class={isDangerous ? 'danger' : 'main'} aria-disabled={isSending}>
          {submit}
        </button>
        {leave && (
          <button type="button" onClick={leave}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

/** The faults that the server found, each with the field that it concerns: `owner.username` concerns `owner` too. */
function placeFaults(
  details: readonly { readonly field: string; readonly description: string }[],
  fields: readonly Field[],
): Record<string, string> {
  const placed: Record<string, string> = {};
  for (const { field, description } of details) {
    const place = fields.find(({ name }) => name === field) ?? fields.find(({ name }) => field.split('.')[0] === name);
    if (place) {
      placed[place.name] = sentence(description);
    }
  }
  return placed;
}
