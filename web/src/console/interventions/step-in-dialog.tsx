import { Dialog } from '../../kit/elements.tsx';
import { OrderForm } from './order-form.tsx';
import { ShiftForm } from './shift-form.tsx';
import { asked } from './step-in.ts';
import './interventions.css';

/** The one dialog in which operators step in; there while something is asked. */
export function StepInDialog() {
  const { value } = asked;
  if (!value) return null;
  const onClose = () => {
    asked.value = undefined;
  };
  return (
    <Dialog title={value.move.label} onClose={onClose}>
      {value.about === 'order' ? (
        <OrderForm {...value} onDone={onClose} />
      ) : (
        <ShiftForm {...value} onDone={onClose} />
      )}
    </Dialog>
  );
}
