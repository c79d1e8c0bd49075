import { type ReactNode, useRef } from 'react';
import { useText } from '../i18n/index.ts';
import styles from './Shell.module.css';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly children: ReactNode; // of the button that opens the question
  onConfirm(): void;
}

/** A button that asks before it acts. */
export function Confirm({ title, text, action, className, disabled, children, onConfirm }: Props) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className={className} disabled={disabled} onClick={() => dialog.current?.showModal()}>
        {children}
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-label={title}>
        <form
          method="dialog"
          onSubmit={(event) => {
            const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
            if (button?.value === 'yes') onConfirm();
          }}
        >
          <h2>{title}</h2>
          <p>{text}</p>
          <div className={styles.dialogButtons}>
            <button type="submit" value="no">
              {t.cancel}
            </button>
            <button type="submit" value="yes" className="primary">
              {action}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
