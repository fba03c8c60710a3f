import { useId } from 'preact/hooks';
import { AnyInput } from './any-input.tsx';
import type { Field } from './field.ts';
import { Suggestions } from './suggestions.tsx';

interface Props {
  readonly field: Field;
  readonly value: string;
  readonly fault: string | undefined;
  readonly change: (value: string) => void;
  /** Told the value when the focus leaves the field. */
  readonly left: (value: string) => void;
}

/** A field with its label, its hint, and what is wrong with it. */
export function FieldRow(props: Props) {
  const { field, fault, value, change, left } = props;
  const id = useId();
  return (
    <div class={`field ${field.kind}`}>
      <label for={id}>
        {field.label}
        {!field.isRequired && field.kind !== 'check' && field.kind !== 'choice' && (
          <span class="soft"> (optional)</span>
        )}
      </label>
      <Control {...props} id={id} />
      {field.kind === 'date' && field.shortcuts && (
        <div class="shortcuts">
          {field.shortcuts.map(shortcut => (
            <button
              key={shortcut.text}
              type="button"
              aria-pressed={value === shortcut.value}
              onClick={() => {
                change(shortcut.value);
                left(shortcut.value);
              }}
            >
              {shortcut.text}
            </button>
          ))}
        </div>
      )}
      {field.hint && (
        <p class="soft" id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

function Control({ field, value, fault, change, left, id }: Props & { readonly id: string }) {
  const common = {
    id,
    name: field.name,
    'aria-invalid': fault !== undefined,
    'aria-describedby': [field.hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined,
  };
  const read = (event: { currentTarget: { value: string } }) => change(event.currentTarget.value);
  const leave = (event: { currentTarget: { value: string } }) => left(event.currentTarget.value);
  switch (field.kind) {
    case 'long':
      return <textarea {...common} rows={3} value={value} onInput={read} onBlur={leave} />;
    case 'choice':
      return (
        <select {...common} value={value} onChange={read} onBlur={leave}>
          {field.options?.map(option => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      );
    case 'check':
      return (
        <input
          {...common}
          type="checkbox"
          checked={value === 'yes'}
          onChange={event => change(event.currentTarget.checked ? 'yes' : '')}
        />
      );
    default:
      return (
        <>
          <AnyInput
            {...common}
            type={inputTypes[field.kind]}
            value={value}
            {...(field.suggest ? { list: `${id}-list` } : {})}
            {...(field.kind === 'date' ? { min: field.min, max: field.max } : {})}
            autocomplete={field.autocomplete ?? 'off'}
            autocapitalize="off"
            spellcheck={false}
            onInput={read}
            onBlur={leave}
          />
          {field.suggest && <Suggestions id={`${id}-list`} typed={value} suggest={field.suggest} />}
        </>
      );
  }
}

const inputTypes = { text: 'text', secret: 'password', date: 'date' } as const;
