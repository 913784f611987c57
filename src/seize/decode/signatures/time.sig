# Time
time (tloc:out &time) -> noted_time
stime (tptr:&time)
gettimeofday (tv:out timeval, tz:out timezone)
settimeofday (tv:timeval, tz:timezone)
clock_gettime (which_clock:clockid, tp:out timespec)
clock_settime (which_clock:clockid, tp:timespec)
clock_getres (which_clock:clockid, tp:out timespec)
clock_nanosleep (which_clock:clockid, flags:flags timer_flags, rqtp:timespec, rmtp:inout sleep_rest timespec)
clock_adjtime (which_clock:clockid, tx:out timex) -> noted_enum adjtimex_state
adjtimex (txc_p:out timex) -> noted_enum adjtimex_state
nanosleep (rqtp:timespec, rmtp:inout sleep_rest timespec)
getitimer (which:enum itimer_which, value:out itimerval)
setitimer (which:enum itimer_which, value:itimerval, ovalue:out itimerval)
timer_create (which_clock:clockid, timer_event_spec:sigevent, created_timer_id:out &int)
timer_settime (timer_id:int, flags:flags timer_flags, new_setting:itimerspec, old_setting:out itimerspec)
timer_gettime (timer_id:int, setting:out itimerspec)
timer_getoverrun timer_delete (timer_id:int)
timerfd_create (clockid:clockid, flags:flags timerfd_settime_flags) -> fd
timerfd_settime (ufd:fd, flags:flags timerfd_settime_flags, utmr:itimerspec, otmr:out itimerspec)
timerfd_gettime (ufd:fd, otmr:out itimerspec)
