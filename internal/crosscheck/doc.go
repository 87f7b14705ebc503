// Package crosscheck holds the forecast against programs that share nothing
// with it but the words of the model: an event simulation that plays the time
// of one service moment by moment, and an enumeration of who is hit in the long
// run. Both were written from the design alone, without a look at the engines,
// so that a misreading in an engine is not repeated here. A generator makes the
// models on which they are compared, of structures that are hard to get right.
//
// Everything is in tests; the package itself is empty. In short form the
// comparison is a part of all tests. `make crosscheck` is the long form.
//
// # How the design was read
//
// Where the design leaves a choice, it was made as follows.
//
//   - A switch is a property of a group and of the member that fails. Each
//     change-over begins at the instant at which the member goes down for that
//     user, and lasts for its own `takes`, also where the member is back
//     earlier. Those of several groups run at the same time, so that the user
//     waits for the longest. Any member that fails costs a change-over, whichever
//     the user was on.
//   - A group of which one member fails is judged by itself: where another
//     group of that user falls at the same time, the change-over in this one runs
//     on, and a second is counted once.
//   - A wait belongs to the service that has the group. It is spared where that
//     service is itself a member of a group that stands, and what rides out an
//     outage rides out a wait.
//   - An outage that is ridden out is the time in a row in which the member (or
//     the group) is down for that user, whatever it consists of.
//   - A strike on all copies is an incident on the service as a whole: it may
//     overlap itself, and the clocks of the copies go on.
//   - While a copy has an incident, whatever its impact, it has no other.
//   - The common cause of a group is one more alternating cause with the length
//     of outages of the most reliable member. It strikes the members themselves,
//     so also those who need one of them directly. It is known here for members
//     with nothing but stated availability.
//   - Background has no length: it passes through groups as one more chance at
//     each moment, never costs a change-over, and is never felt through
//     `rides_out`.
//   - Outages run across the borders of a window. The player gives both answers:
//     cut, as a clock on the wall sees it, and begun, where an outage is booked
//     as a whole where it begins, which is how the design counts incidents. The
//     forecast is asked to be right about either of them or to lie between. The
//     play begins many times the longest mean outage before the window, so that
//     what is in progress at its beginning is as usual.
//   - A change-over is drawn once for all users from whom a member goes at the
//     same instant. Where it fails, the member's outage is what each user sees.
//
// # What the generator leaves out
//
// Where two readings of the design would differ by more than the error that the
// forecast may have, no models are made: a switch over members that have a switch
// themselves; rides of more than half an outage (one outage that goes over into
// the next is one in a row for the user); two rides before a part with a change-over of which
// now one and now the other is the longer; background behind switches and rides;
// common causes of what needs others, has risks or copies; copies of what is
// stated; changes of unsure rhythm, and nets. Outages are short beside windows.
package crosscheck
