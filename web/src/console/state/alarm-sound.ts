import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useConsole } from '../console-context.tsx';

const KEY = 'waybill-alarm-sound';
const BEEPS_HZ = [660, 880];
const BEEP_S = 0.14;

/** Whether new alarms are to be heard: the operator's choice, kept in this browser. */
export const isSoundOn = signal(localStorage.getItem(KEY) === 'on');

let audio: AudioContext | undefined;

/** Switched on by a key or a click, which is when browsers allow it; heard at once as a proof. */
export function switchSound(on: boolean): void {
  isSoundOn.value = on;
  localStorage.setItem(KEY, on ? 'on' : 'off');
  if (on) beep();
}

/** Two soft tones. Silent where the browser does not allow it yet. */
function beep(): void {
  audio ??= new AudioContext();
  void audio.resume();
  const start = audio.currentTime + 0.02;
  BEEPS_HZ.forEach((hertz, index) => {
    if (!audio) return;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = start + index * BEEP_S;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + BEEP_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + BEEP_S);
  });
}

/** Sounds when an alarm presses that did not before; not for those that were there already. */
export function useAlarmSound(): void {
  const { alarms } = useConsole();
  useEffect(() => {
    let known: Set<string> | undefined;
    return alarms.pressing.subscribe((pressing) => {
      if (alarms.open.peek() === undefined) return;
      const isNew = known !== undefined && pressing.some(({ alarmId }) => !known?.has(alarmId));
      known = new Set(pressing.map(({ alarmId }) => alarmId));
      if (isNew && isSoundOn.peek()) beep();
    });
  }, [alarms]);
}
