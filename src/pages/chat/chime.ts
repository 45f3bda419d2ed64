/** How soon a browser that allows sound starts it; one that does not would keep it for the next click. */
const PATIENCE_MS = 200;
const LENGTH_S = 0.35;

/** Plays one short, soft sound; silent where the browser forbids it. */
export async function chime(): Promise<void> {
  try {
    const audio = new AudioContext();
    try {
      if (audio.state !== 'running') await Promise.race([audio.resume(), patience()]);
      // Only a look at the state tells whether it may: where it may not, `resume` just never comes back.
      if (isRunning(audio)) await play(audio);
    } finally {
      await audio.close();
    }
  } catch {
    // A sound is a courtesy: the line itself stands in the chat.
  }
}

const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

const isRunning = (audio: AudioContext): boolean => audio.state === 'running';

function play(audio: AudioContext): Promise<void> {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  const now = audio.currentTime;
  tone.frequency.setValueAtTime(660, now);
  tone.frequency.setValueAtTime(880, now + 0.1);
  volume.gain.setValueAtTime(0.0001, now);
  volume.gain.exponentialRampToValueAtTime(0.08, now + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, now + LENGTH_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(now);
  tone.stop(now + LENGTH_S);
  return new Promise((resolve) => tone.addEventListener('ended', () => resolve()));
}
