import type { InputHTMLAttributes, TargetedEvent } from 'preact';

interface Props {
  readonly id: string;
  readonly name?: string;
  readonly type: 'text' | 'password' | 'date' | 'search' | 'number';
  readonly value: string;
  readonly list?: string;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly autocomplete?: string;
  readonly autocapitalize?: string;
  readonly spellcheck?: boolean;
  readonly 'aria-invalid'?: boolean;
  readonly 'aria-describedby'?: string | undefined;
  readonly onInput: (event: TargetedEvent<HTMLInputElement>) => void;
  readonly onBlur?: (event: TargetedEvent<HTMLInputElement>) => void;
}

/** An input whose type is known only when it is shown; preact's types want it earlier. */
export function AnyInput(props: Props) {
  return <input {...(props as InputHTMLAttributes<HTMLInputElement>)} />;
}
