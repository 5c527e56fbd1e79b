import { Empty } from '../../kit/elements.tsx';

export default function OrderPage({ id }: { id: string }) {
  return <Empty title={`Order ${id}`}>There is nothing here yet.</Empty>;
}
