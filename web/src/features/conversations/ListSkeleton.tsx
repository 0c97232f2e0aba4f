import type { ReactNode } from "react";

import { Skeleton } from "../../ui/Skeleton";

interface ListSkeletonProps {
  readonly label: string;
  readonly rows: number;
}

/** People on their way: the shape of the rows that come. */
export function ListSkeleton({ label, rows }: ListSkeletonProps): ReactNode {
  return (
    <div role="status" aria-label={label} className="hc-list__skeleton">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="hc-list__skeleton-row">
          <Skeleton circle width={48} height={48} />
          <div className="hc-list__skeleton-words">
            <Skeleton width={`${50 + ((row * 17) % 30)}%`} height={13} />
            <Skeleton width={`${70 + ((row * 11) % 25)}%`} height={11} />
          </div>
        </div>
      ))}
    </div>
  );
}
