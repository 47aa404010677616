#pragma once

#include <QJsonValue>
#include <QString>

namespace dockerline {

/** "key: value" as lines of YAML at this depth, two blanks each. Null writes the key alone, for fields below it. */
QString yamlField(const QString &key, const QJsonValue &value, int depth);

} // namespace dockerline
