import { type Theme, theme } from './theme.ts';

const THEMES: Record<Theme, { next: Theme; sign: string }> = {
  system: { next: 'light', sign: '◐' },
  light: { next: 'dark', sign: '☀' },
  dark: { next: 'system', sign: '☾' },
};

/** As the device, light, dark, and round again. */
export function ThemeSwitch() {
  const { next, sign } = THEMES[theme.value];
  return (
    <button
      type="button"
      class="button compact square"
      aria-label={`Theme: ${theme.value}; switch to ${next}`}
      title={`Theme: ${theme.value}`}
      onClick={() => {
        theme.value = next;
      }}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}
