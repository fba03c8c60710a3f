import { useEffect, useId, useState } from 'preact/hooks';
import { AnyInput } from '../form/any-input.tsx';
import { holdsSecret, secretSearched } from '../holds-secret.ts';
import { typingPauseMs } from '../typing-pause.ts';

export interface Filter {
  /** As the API names it. */
  readonly name: string;
  readonly label: string;
  /** The choices; absent: a text is typed. */
  readonly options?: readonly { readonly value: string; readonly text: string }[];
  readonly type?: 'text' | 'date' | 'number';
  /** What is chosen as the API takes it; absent: it is taken as it is. */
  readonly toQuery?: (value: string) => string;
}

interface Props {
  readonly search: string | undefined;
  readonly filters: readonly Filter[];
  readonly chosen: (name: string) => string | undefined;
  readonly narrow: (changes: Readonly<Record<string, string | undefined>>, how?: 'push' | 'replace') => void;
}

/** What narrows a list: it counts as it is typed. */
export function ListFilters({ search, filters, chosen, narrow }: Props) {
  if (!search && filters.length === 0) {
    return null;
  }
  return (
    <div class="filters">
      {search && (
        <TypedFilter
          label={search}
          type="search"
          value={chosen('search') ?? ''}
          narrow={text => narrow({ search: text }, 'replace')}
        />
      )}
      {filters.map(({ name, label, options, type }) =>
        options ? (
          <ChosenFilter
            key={name}
            label={label}
            options={options}
            value={chosen(name) ?? ''}
            narrow={value => narrow({ [name]: value })}
          />
        ) : (
          <TypedFilter
            key={name}
            label={label}
            type={type ?? 'text'}
            value={chosen(name) ?? ''}
            narrow={value => narrow({ [name]: value }, 'replace')}
          />
        ),
      )}
    </div>
  );
}

interface TypedProps {
  readonly label: string;
  readonly type: 'search' | 'text' | 'date' | 'number';
  readonly value: string;
  readonly narrow: (value: string) => void;
}

function TypedFilter({ label, type, value, narrow }: TypedProps) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  const isSecret = holdsSecret(typed);
  useEffect(() => setTyped(value), [value]);
  // Only typing narrows.
  useEffect(() => {
    if (typed === value || isSecret) {
      return undefined;
    }
    const timer = setTimeout(() => narrow(typed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div>
      <label for={id}>{label}</label>
      <AnyInput id={id} type={type} value={typed} onInput={event => setTyped(event.currentTarget.value)} />
      {isSecret && (
        <p class="fault" role="alert">
          {secretSearched}
        </p>
      )}
    </div>
  );
}

interface ChosenProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly value: string;
  readonly narrow: (value: string) => void;
}

function ChosenFilter({ label, options, value, narrow }: ChosenProps) {
  const id = useId();
  return (
    <div>
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={event => narrow(event.currentTarget.value)}>
        <option value="">any</option>
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
