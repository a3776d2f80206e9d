#ifndef PROTOCOLS_SERVER_H
#define PROTOCOLS_SERVER_H

#include <sys/types.h>

/* A redis-server without persistence, on a unix socket in its own folder. */
struct server {
    pid_t process;
    char folder[64];
    char socket_path[96];
};

void server_start(struct server *server);
void server_stop(struct server *server);

/* The processor time that a process has used so far, in microseconds. */
double processor_time(pid_t process);

#endif
