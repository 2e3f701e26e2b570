// SPDX-License-Identifier: MIT
// Labelled fields.
import type { ComponentChildren } from "preact";
import { query, setQuery } from "../lib/route";
import { tCommon } from "../texts/en/common";

export type Option = [value: string, text: string];

interface SelectProps {
  id: string;
  label: ComponentChildren;
  value: string;
  options: Option[];
  set: (value: string) => void;
  hint?: string;
}

export function Select({ id, label, value, options, set, hint }: SelectProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => set(event.currentTarget.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
      {hint ? (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
    </div>
  );
}

interface InputProps {
  id: string;
  label: ComponentChildren;
  value: string;
  set: (value: string) => void;
  type?: string;
  placeholder?: string;
  maxLength?: number;
  min?: number;
  invalid?: boolean;
  describedBy?: string;
  /** Tells the value only when the field is left: for lists that are put in order meanwhile. */
  lazy?: boolean;
}

export function Input({
  id,
  label,
  value,
  set,
  type,
  placeholder,
  maxLength,
  min,
  invalid,
  describedBy,
  lazy,
}: InputProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type={type ?? "text"}
        value={value}
        placeholder={placeholder}
        maxLength={maxLength}
        min={min}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onInput={lazy ? undefined : (event) => set(event.currentTarget.value)}
        onChange={lazy ? (event) => set(event.currentTarget.value) : undefined}
      />
    </div>
  );
}

interface CheckProps {
  id?: string;
  checked: boolean;
  set: (checked: boolean) => void;
  hint?: string;
  children: ComponentChildren;
}

export function Check({ id, checked, set, hint, children }: CheckProps) {
  return (
    <label class="check">
      <input id={id} type="checkbox" checked={checked} onChange={(event) => set(event.currentTarget.checked)} />
      <span>
        {children}
        {hint ? <span class="hint">{hint}</span> : null}
      </span>
    </label>
  );
}

/** Kept in the address, as every filter. */
export function Search() {
  return (
    <div class="field search">
      <label class="visually-hidden" for="search">
        {tCommon.search}
      </label>
      <input
        id="search"
        type="search"
        placeholder={tCommon.search}
        value={query.value.get("search") ?? ""}
        onInput={(event) => setQuery("search", event.currentTarget.value)}
      />
    </div>
  );
}
