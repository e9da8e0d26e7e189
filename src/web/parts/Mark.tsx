// The mark: a ring that leads a line.
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      aria-hidden="true"
      style={{ color: 'var(--accent)', flex: 'none' }}
    >
      <circle cx="18.5" cy="14" r="8" stroke="currentColor" strokeWidth="3.4" />
      <path d="M1.8 29c8.6 0 10.9-4.6 12.2-9.2" stroke="currentColor" strokeWidth="3.4" strokeLinecap="round" />
      <path d="M18.5 14h11.8" stroke="currentColor" strokeWidth="3.4" strokeLinecap="round" />
    </svg>
  )
}
