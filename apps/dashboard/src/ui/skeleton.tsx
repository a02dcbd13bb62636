import styles from "./skeleton.module.css";

interface SkeletonProps {
  /** Height in pixels: that of what will stand here, so that nothing jumps. */
  readonly height: number;
}

/** Holds the place of what is being read. */
export function Skeleton({ height }: SkeletonProps) {
  return (
    <div className={styles.skeleton} style={{ height }} role="status">
      <span className="visually-hidden">Reading…</span>
    </div>
  );
}

/** Holds the place of a page whose code is being read. */
export const PageSkeleton = () => <Skeleton height={320} />;
