#pragma once

#include "common/errortext.h"

#include <QString>
#include <QStringList>

/** What is peculiar about the registries people use, and what can be done about a sign-in that failed. */
namespace accounts {

/** The registries offered by name, as people call them. */
QStringList knownRegistries();
/** What the person typed or chose, as images name it; empty for what is no registry. */
QString registryTyped(const QString &text);
/** The user where the registry has only the one; else empty. */
QString fixedUser(const QString &registry);
/** A sentence on what the password is there and where one gets it. */
QString passwordAdvice(const QString &registry);

/** A failed sign-in in one sentence, and the way out. */
common::ErrorText signInText(const core::Error &error, const QString &registry);

} // namespace accounts
