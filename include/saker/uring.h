/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where an argument of an io_uring request lies: saker_uring_argument.async (record.h). */
#ifndef SAKER_URING_PLACES_H
#define SAKER_URING_PLACES_H

enum saker_uring_place {
	SAKER_URING_REQUEST = 0, /* in struct io_kiocb */
	SAKER_URING_ASYNC,	 /* in what its async_data points to */
	SAKER_URING_ADDRESS,	 /* likewise; or that is the sockaddr itself */
};

#endif
