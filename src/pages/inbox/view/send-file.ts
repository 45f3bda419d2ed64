import { h, setAttributes, tool } from './dom.ts';
import { icon } from './icons.ts';

/** The button *Send file*, what is dropped on a place, and what is pasted into a box: three ways to choose files. */
export interface SendFile {
  /** The button, and the browser's own field behind it. */
  readonly elements: readonly HTMLElement[];
  /** `endings` of the files that may be sent here; none at all hides the button. */
  readonly render: (mayWrite: boolean, endings: readonly string[] | undefined) => void;
  /** Takes what is dropped on this place, which says so while something hangs over it. */
  readonly dropOn: (place: HTMLElement) => void;
  readonly pasteInto: (box: HTMLElement) => void;
}

export function sendFile(chosen: (files: readonly File[]) => void): SendFile {
  let isOpen = false;
  const field = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    tabindex: -1,
    'aria-hidden': 'true',
  });
  const press = tool('Send file', icon('attach'), () => field.click());
  field.addEventListener('change', () => {
    chosen([...(field.files ?? [])]);
    // The same file chosen again must be heard of again.
    field.value = '';
  });
  const filesIn = (data: DataTransfer | null): readonly File[] => (isOpen ? [...(data?.files ?? [])] : []);
  const carries = (event: DragEvent) => isOpen && event.dataTransfer?.types.includes('Files') === true;
  return {
    elements: [press, field],
    render: (mayWrite, endings) => {
      isOpen = mayWrite && endings !== undefined;
      setAttributes(press, { hidden: endings === undefined });
      setAttributes(field, { accept: endings?.join(',') });
    },
    dropOn: (place) => {
      const hang = (is: boolean) => place.classList.toggle('drop-here', is);
      place.addEventListener('dragover', (event) => {
        if (!carries(event)) return;
        event.preventDefault();
        hang(true);
      });
      place.addEventListener('dragleave', (event) => {
        if (!(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) hang(false);
      });
      place.addEventListener('drop', (event) => {
        hang(false);
        if (!carries(event)) return;
        event.preventDefault();
        chosen(filesIn(event.dataTransfer));
      });
    },
    pasteInto: (box) => {
      box.addEventListener('paste', (event) => {
        const pasted = filesIn(event.clipboardData);
        // What is copied from a document may bring words and a picture of them: the words are meant.
        if (pasted.length === 0 || event.clipboardData?.types.includes('text/plain') === true) return;
        event.preventDefault();
        chosen(pasted);
      });
    },
  };
}
