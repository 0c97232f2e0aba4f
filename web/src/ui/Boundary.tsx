import { Component, type ReactNode } from "react";

interface BoundaryProps {
  readonly children: ReactNode;
  /** What is shown instead after a fault; `retry` draws the children once more. */
  failed(retry: () => void): ReactNode;
}

/** A fault in a view ends here, and takes nothing else along. React has this for classes only. */
export class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return this.props.failed(() => this.setState({ hasFailed: false }));
  }
}
