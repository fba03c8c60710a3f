import { Component, type ComponentChildren } from 'preact';

interface Props {
  /** What it is that may break, as in "This list". */
  readonly what: string;
  readonly children: ComponentChildren;
}

/** Keeps the rest of a page alive when a part of it fails, and says what broke. */
export class ErrorBoundary extends Component<Props, { fault: Error | undefined }> {
  override state = { fault: undefined as Error | undefined };

  override componentDidCatch(fault: Error): void {
    this.setState({ fault });
  }

  render() {
    const { fault } = this.state;
    if (fault === undefined) {
      return this.props.children;
    }
    return (
      <div class="problem" role="alert">
        <p>
          {this.props.what} can't be shown: {fault.message}. The rest of the page goes on.
        </p>
        <button type="button" onClick={() => this.setState({ fault: undefined })}>
          Try again
        </button>
      </div>
    );
  }
}
