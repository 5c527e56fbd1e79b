import { type ReadonlySignal, signal } from '@preact/signals';

/** Sound and vibration. */
export interface Bell {
  /** False until a tap has let this page make sounds. */
  readonly canSound: ReadonlySignal<boolean>;
  /** Called from a tap: from then on the page may make sounds. */
  unlock(): void;
  /** Rings until the returned stop is called. */
  ring(): () => void;
}

const EVERY_MS = 2_000;
const BUZZ_MS = [300, 150, 300];
/** Two rising notes: heard through traffic, and not a telephone. */
const NOTES_HZ = [880, 1_174.7];
const NOTE_SECONDS = 0.16;

export function createBell(): Bell {
  const canSound = signal(false);
  let audio: AudioContext | undefined;

  function unlock(): void {
    audio ??= new AudioContext();
    const unlocked = audio;
    void unlocked.resume().then(() => {
      canSound.value = unlocked.state === 'running';
    });
  }

  function strike(): void {
    // A browser refuses where the page was not touched yet.
    navigator.vibrate?.(BUZZ_MS);
    if (audio?.state !== 'running') return;
    for (const [index, hertz] of NOTES_HZ.entries()) {
      const from = audio.currentTime + index * NOTE_SECONDS;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = hertz;
      tone.type = 'triangle';
      volume.gain.setValueAtTime(0.5, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + NOTE_SECONDS);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + NOTE_SECONDS);
    }
  }

  return {
    canSound,
    unlock,
    ring() {
      strike();
      const timer = setInterval(strike, EVERY_MS);
      return () => {
        clearInterval(timer);
        navigator.vibrate?.(0);
      };
    },
  };
}
