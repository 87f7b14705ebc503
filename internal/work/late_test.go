package work

import (
	"context"
	"errors"
	"testing"
)

func TestWhatIsLateIsWorthTelling(t *testing.T) {
	ctx, end := context.WithCancel(context.Background())
	if Late(ctx, context.Canceled) || Late(nobody, context.Canceled) {
		t.Error("late before it is")
	}
	end()
	if !Late(ctx, ctx.Err()) || Late(ctx, errors.New("another")) || Late(ctx, nil) {
		t.Error("not told from what is another error")
	}
	gone, leave := context.WithCancelCause(context.Background())
	leave(ErrGone)
	if Late(gone, gone.Err()) {
		t.Error("late where nobody waits")
	}
}
