import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'waybill-theme';

/** The viewer's choice, kept in this browser; `system` follows the device. */
export const theme = signal<Theme>((localStorage.getItem(KEY) as Theme | null) ?? 'system');

theme.subscribe((value) => {
  if (value === 'system') {
    document.documentElement.removeAttribute('data-theme');
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = value;
    localStorage.setItem(KEY, value);
  }
});
