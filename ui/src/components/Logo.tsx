export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#1264d6" />
      <path
        d="M5 24.5h22M8 20.5l17-9.5c.4 4.7-1.300 8-5 9.5z"
        fill="#fff"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
