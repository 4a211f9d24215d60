import { Compass } from "lucide-react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";

export function NotFound() {
  return (
    <EmptyState
      icon={<Compass aria-hidden className="size-5" />}
      title="There is nothing at this address"
      action={
        <Link to="/" className="text-accent underline">
          Go to the start
        </Link>
      }
    >
      It may have been deleted, or the link is incomplete.
    </EmptyState>
  );
}
